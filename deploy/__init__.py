"""How the public edition is put up on one machine or many: nginx before replicas.

A room of its own above the app, since it starts the app as processes and imports nothing of it but settings and what nginx
must say itself; in Python and not in `./run`, since processes that are watched, restarted and drained in order need
a loop with tests, which a shell script is not.
"""
