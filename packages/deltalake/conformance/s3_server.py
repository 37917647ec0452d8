"""An S3 server that keeps objects in memory. Prints its port once it listens.

    python s3_server.py        (pip install 'moto[server]==5.2.5')

It answers one request at a time, because moto checks a condition and writes in two steps.
"""
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=False)
print(server.server_port, flush=True)
server.serve_forever()
