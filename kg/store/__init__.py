"""Where the triples are and how they are asked: the embedded engine, the query guard, answers and their formats.

Nothing here knows DISARM; what the triples mean is decided in :mod:`kg.rdf`.
"""
