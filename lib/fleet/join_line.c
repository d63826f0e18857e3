/* join_line.c: the lines that make a machine a node. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cert.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/base/site.h"
#include "lib/fleet/join_line.h"

#define CERT_MAX ((size_t)256 * 1024)
/* what `mt5fleet site apply` copies where only root may read the original */
#define SITE_CERT_COPY "/etc/mt5fleet/site.pem"

/*
 * .NET verifies nothing but the key: the bytes of GetPublicKey() by their hash.
 * Compiled, because a script block as the callback is called in a thread that
 * has no PowerShell.
 */
static const char powershell[] =
    "$d=\"$env:TEMP\\mt5fleet-join\";$null=mkdir -Force $d;"
    "Add-Type 'using System;using System.IO;using System.Net;"
    "using System.Security.Cryptography;public class Mt5Fleet{"
    "public static void Get(string u,string f,string k){"
    "ServicePointManager.SecurityProtocol=(SecurityProtocolType)3072;"
    "var r=(HttpWebRequest)WebRequest.Create(u);"
    "r.ServerCertificateValidationCallback=(s,c,h,e)=>"
    "BitConverter.ToString(SHA256.Create().ComputeHash(c.GetPublicKey()))"
    ".Replace(\"-\",\"\")==k;"
    "using(var a=r.GetResponse())using(var i=a.GetResponseStream())"
    "using(var o=File.Create(f))i.CopyTo(o);}}';"
    "[Mt5Fleet]::Get('%s/join/mt5fleet-agent.exe',"
    "\"$d\\mt5fleet-agent.exe\",'%s');"
    "$env:MT5FLEET_JOIN='%s';pushd $d;"
    "& \"$d\\mt5fleet-agent.exe\" join --site %s --fingerprint %s;popd";

static int
read_first(const char *path, struct cert *c)
{
	size_t len;
	char *text = file_read(path, CERT_MAX, &len);
	const char *at = text;
	int rc;

	if (text == NULL)
		return -1;
	rc = cert_next(&at, text + len, c) == 1 ? 0 : -1;
	if (rc == -1)
		errno = EINVAL;
	free(text);
	return rc;
}

/* The certificate that visitors of the site see; behind a proxy that is the
 * proxy's, and TLS_CERT_FILE says which. */
static int
find_cert(struct join_lines *j, const struct config *c, const struct site *s,
    struct cert *cert)
{
	const char *path = *c->tls_cert_file != '\0' ? c->tls_cert_file
			   : s->cert != NULL         ? s->cert
						     : "";

	if (*path != '\0' && read_first(path, cert) == 0)
		return 0;
	if (read_first(SITE_CERT_COPY, cert) == 0)
		return 0;
	if (*path == '\0')
		j->error =
		    mem_strdup("TLS_CERT_FILE: not set: the certificate that "
			       "the site's visitors see");
	else
		j->error = mem_printf("the site's certificate: %s: %s", path,
		    errno == EINVAL ? "not a certificate" : strerror(errno));
	return -1;
}

static void
put_lines(struct join_lines *j, const char *site, const struct cert *cert,
    const char *token)
{
	char *key = mem_strdup(cert->key_hash);

	for (char *p = key; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'f')
			*p = (char)(*p - 'a' + 'A');
	j->shell = mem_printf("curl -fsSk --pinnedpubkey '%s' %s/join/join.sh "
			      "| MT5FLEET_JOIN=%s sh -s -- %s '%s'",
	    cert->pin, site, token, site, cert->pin);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	j->powershell =
	    mem_printf(powershell, site, key, token, site, cert->pin);
#pragma GCC diagnostic pop
	free(key);
}

int
join_lines_make(struct join_lines *j, const struct config *c, const char *token)
{
	struct site s;
	struct cert cert;
	char *site;
	int rc = -1;

	memset(j, 0, sizeof(*j));
	if (site_from(&s, c, &j->error) == -1)
		;
	else if (strncmp(s.origin, "https://", 8) != 0)
		j->error = mem_printf(
		    "a machine joins by https: SITE_URL is %s (mt5fleet setup)",
		    s.given ? s.origin : "not set");
	else if (find_cert(j, c, &s, &cert) == 0) {
		site =
		    mem_printf("%s%s", s.origin, s.path != NULL ? s.path : "");
		put_lines(j, site, &cert, token);
		free(site);
		rc = 0;
	}
	site_done(&s);
	return rc;
}

void
join_lines_done(struct join_lines *j)
{
	free(j->shell);
	free(j->powershell);
	free(j->error);
	memset(j, 0, sizeof(*j));
}
