"""What `make run`, `make test` and the services script are made of.

Standard library only: it runs before the project's own environment exists.
"""
