"""Numbers about techniques, worked out on the integer arrays of :mod:`kg.incidence`, never on the graph itself."""
