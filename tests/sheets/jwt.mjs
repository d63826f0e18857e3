// jwt.mjs: what Google's token endpoint checks in a service account's claim.
import crypto from 'node:crypto';

const SCOPE = 'https://www.googleapis.com/auth/spreadsheets';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const BASE64URL = /^[A-Za-z0-9_-]+$/;

const refuse = (error, error_description) =>
  ({ status: 400, body: { error, error_description } });

function part(text) {
  if (!BASE64URL.test(text)) throw new Error('not base64url');
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
}

/**
 * The answer to a form posted to the token endpoint: {status, body}, and
 * {ok: true} where a token is due. account: {email, keyId, publicKey}.
 */
export function checkGrant(form, account, tokenUri, now = Date.now() / 1000) {
  const fields = new URLSearchParams(form);
  if (fields.get('grant_type') !== GRANT)
    return refuse('unsupported_grant_type', `Invalid grant_type: ${fields.get('grant_type')}`);
  const parts = (fields.get('assertion') ?? '').split('.');
  let header, claims;
  try {
    if (parts.length !== 3) throw new Error('not three parts');
    header = part(parts[0]);
    claims = part(parts[1]);
    if (!BASE64URL.test(parts[2])) throw new Error('not base64url');
  } catch {
    return refuse('invalid_grant', 'Bad Request');
  }
  if (header.alg !== 'RS256' || header.typ !== 'JWT')
    return refuse('invalid_grant', 'Invalid JWT: unsupported algorithm');
  if (claims.iss !== account.email)
    return refuse('invalid_grant', 'Invalid grant: account not found');
  if (header.kid !== undefined && header.kid !== account.keyId)
    return refuse('invalid_grant', 'Invalid JWT Signature.');
  if (!crypto.verify('RSA-SHA256', Buffer.from(`${parts[0]}.${parts[1]}`),
    account.publicKey, Buffer.from(parts[2], 'base64url')))
    return refuse('invalid_grant', 'Invalid JWT Signature.');
  if (claims.aud !== tokenUri)
    return refuse('invalid_grant', 'Invalid JWT: Failed audience check. The right audience is '
      + tokenUri);
  if (claims.scope !== SCOPE)
    return refuse('invalid_scope', `${claims.scope} is not a valid audience string.`);
  if (!Number.isInteger(claims.iat) || !Number.isInteger(claims.exp) ||
      claims.exp - claims.iat > 3600 || claims.exp <= now || claims.iat > now)
    return refuse('invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes) '
      + 'and in a reasonable timeframe. Check your iat and exp values in the JWT claim.');
  return { ok: true };
}
