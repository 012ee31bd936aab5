"""Records to triples. What a record means is decided here, once.

Nothing is imported here: who only asks a graph needs the names of :mod:`kg.rdf.namespaces`, not the writers.
"""
