"""SPARQL over HTTP for strangers, and pages, an API and dumps beside it.

Three kinds of process, so that nothing a stranger sends can harm what serves the next one::

    front    (kg.server.app, .protocol, .pool ...)  speaks HTTP; never evaluates a query, never parses RDF
      keeper (kg.server.keeper)                     holds the graph, forks workers, buries them
        worker (kg.server.worker, .jobs ...)        does one job after the other, under limits; may die at any moment

The front and a worker talk over a socket pair (:mod:`kg.server.wire`).
"""
