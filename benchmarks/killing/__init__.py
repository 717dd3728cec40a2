"""What `benchmarks/kills.py` is made of. Its modules need Django, so they are imported when that is ready."""
