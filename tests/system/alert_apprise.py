# alert_apprise.py PORT: what the Apprise API does with POST /notify, by Debian's
# apprise itself: it reads the URLs and sends. 424 where one of them fails, as
# there.
import apprise, json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        ask = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        to = apprise.Apprise()
        good = all([to.add(u) for u in ask['urls'].split(',')])
        assert ask['type'] in apprise.NOTIFY_TYPES
        assert ask['format'] in apprise.NOTIFY_FORMATS
        good = good and to.notify(title=ask['title'], body=ask['body'],
            notify_type=ask['type'], body_format=ask['format'])
        self.send_response(200 if good else 424)
        self.end_headers()

HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
