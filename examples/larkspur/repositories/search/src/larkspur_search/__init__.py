"""Product search of the Larkspur web shop."""
