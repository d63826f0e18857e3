"""second_opinion.py: Google's own library about our claim.

stdin: {"assertion", "public_key", "key_file"}. Prints what it found in it, and
what the library itself would have claimed.
"""
import json
import sys

from google.auth import crypt, jwt
from google.oauth2 import service_account

SCOPE = "https://www.googleapis.com/auth/spreadsheets"
asked = json.load(sys.stdin)
own = service_account.Credentials.from_service_account_file(
    asked["key_file"], scopes=[SCOPE]
)
assertion = own._make_authorization_grant_assertion()
print(
    json.dumps(
        {
            # raises where signature, iat, exp or aud are wrong
            "claims": jwt.decode(
                asked["assertion"],
                certs=asked["public_key"],
                audience=json.load(open(asked["key_file"]))["token_uri"],
            ),
            "header": jwt.decode_header(asked["assertion"]),
            "theirs": jwt.decode(assertion, verify=False),
            "their_header": jwt.decode_header(assertion),
        }
    )
)
