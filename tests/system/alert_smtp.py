# alert_smtp.py DIR PORT: a mail server (aiosmtpd) with STARTTLS and a log-in
# (user fleet, password pa55). Prints what it takes, a line of JSON each: read by
# Python's own e-mail parser. It refuses mail to nobody@….
import asyncio, json, ssl, sys
from email import message_from_bytes, policy
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

def say(**what):
    print(json.dumps(what), flush=True)

class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('nobody@'):
            return '550 5.1.1 no such user here'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        m = message_from_bytes(envelope.content, policy=policy.default)
        say(sender=envelope.mail_from, to=envelope.rcpt_tos,
            tls=session.ssl is not None, auth=session.authenticated,
            subject=m['subject'], header_to=m['to'], sent_from=m['from'],
            date=m['date'].datetime.isoformat(), id=m['message-id'],
            text=m.get_content(), defects=[str(d) for d in m.defects],
            longest=max(len(l) for l in envelope.content.split(b'\r\n')))
        return '250 OK'

def authenticator(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and \
        (data.login, data.password) == (b'fleet', b'pa55')
    return AuthResult(success=good, handled=False)

folder, port = sys.argv[1], int(sys.argv[2])
tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
tls.load_cert_chain(folder + '/cert.pem', folder + '/key.pem')
c = Controller(Handler(), hostname='127.0.0.1', port=port, tls_context=tls,
    require_starttls=True, authenticator=authenticator, auth_required=True)
c.start()
say(ready=True)
asyncio.new_event_loop().run_forever()
