import json, threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def raw_server(chunk):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *a): ...
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            text = {"choices": [{"delta": {"content": "{}"}, "finish_reason": "stop"}]}
            for one in (text, chunk):
                self.wfile.write(b"data: " + json.dumps(one).encode() + b"\n\n")
            self.wfile.write(b"data: [DONE]\n\n")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown(); thread.join(); server.server_close()
