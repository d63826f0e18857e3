/* config_test.c: settings and nodes.json; each mistake names its place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/config.h"
#include "lib/base/file.h"
#include "lib/fleet/nodes.h"
#include "tests/unit/unit.h"

static char dir[] = "/tmp/mt5fleet-config.XXXXXX";
static char file[64];

static const char *
write_file(const char *text)
{
	assert_int_equal(file_write(file, text, strlen(text), 0600), 0);
	return file;
}

static void
defaults_stand(void **state)
{
	struct config c;

	(void)state;
	assert_int_equal(config_load(&c, NULL), 0);
	assert_int_equal(c.cache_ttl_s, 60);
	assert_int_equal(c.app_port, 8080);
	assert_true(c.dashboard_auth);
	assert_string_equal(c.ledger_file, "/var/lib/mt5fleet/ledger.db");
	config_done(&c);
}

static void
file_is_read_and_environment_wins(void **state)
{
	struct config c;

	(void)state;
	setenv("CACHE_TTL", "30", 1);
	assert_int_equal(
	    config_load(&c, write_file("# a comment\n\nexport APP_PORT=81\n"
				       "CACHE_TTL=5\n"
				       "REDIS_PASSWORD = \"a = # b\"\r\n"
				       "DASHBOARD_AUTH=off\n")),
	    0);
	assert_int_equal(c.app_port, 81);
	assert_int_equal(c.cache_ttl_s, 30);
	assert_string_equal(c.redis_password, "a = # b");
	assert_false(c.dashboard_auth);
	config_done(&c);
	unsetenv("CACHE_TTL");
}

static void
mistakes_are_all_named(void **state)
{
	static const char *const want[] = {
	    ":1: unknown setting: \"CACHE_TTLL\"\n",
	    ":2: APP_PORT: not a number from 1 to 65535: \"eighty\"\n",
	    ":3: not NAME=value: \"nonsense\"\n",
	    ":4: APP_DEBUG: neither true nor false: \"perhaps\"\n",
	    ":5: LOG_LEVEL: not a log level: \"loud\"\n",
	    ":6: DASHBOARD_AUTH: neither required nor off: \"no\"\n",
	    ":7: AGENT_TIMEOUT: not a number from 1 to 300: \"301\"\n",
	    ":8: not NAME=value: \"REDIS_PASSWORD\"\n",
	    ":9: a setting that is APP_PORT here: \"API_PORT\"\n",
	};
	struct config c;

	(void)state;
	assert_int_equal(
	    config_load(&c, write_file("CACHE_TTLL=1\nAPP_PORT=eighty\n"
				       "nonsense\nAPP_DEBUG=perhaps\n"
				       "LOG_LEVEL=loud\nDASHBOARD_AUTH=no\n"
				       "AGENT_TIMEOUT=301\n"
				       "REDIS_PASSWORD hunter2\n"
				       "API_PORT=8080\n")),
	    -1);
	for (size_t i = 0; i < COUNT(want); i++)
		assert_non_null(strstr(c.error, want[i]));
	assert_non_null(strstr(c.error, file));
	assert_null(strstr(c.error, "hunter2"));
	config_done(&c);
}

static void
a_missing_file_is_named(void **state)
{
	struct config c;

	(void)state;
	assert_int_equal(config_load(&c, "/nowhere/mt5fleet.env"), -1);
	assert_string_equal(
	    c.error, "/nowhere/mt5fleet.env: No such file or directory\n");
	config_done(&c);
}

static void
the_token_comes_from_its_file(void **state)
{
	struct config c;

	(void)state;
	setenv("AGENT_TOKEN_FILE", write_file("s3cret\n"), 1);
	assert_int_equal(config_load(&c, NULL), 0);
	assert_string_equal(c.agent_token, "s3cret");
	config_done(&c);
	unsetenv("AGENT_TOKEN_FILE");
}

static void
nodes_are_read(void **state)
{
	struct nodes n;

	(void)state;
	assert_int_equal(
	    nodes_load(&n, write_file("[{\"id\":\"vps01\","
				      "\"url\":\"http://10.0.0.5:8000/\","
				      "\"token\":\"t\",\"ca\":\"a.pem\","
				      "\"accounts\":[{\"server\":\"S\","
				      "\"login\":\"9007199254740993\"}]},\n"
				      "{\"id\":\"b\",\"url\":\"https://h\","
				      "\"enabled\":false}]")),
	    0);
	assert_int_equal(n.len, 2);
	assert_string_equal(n.list[0].url, "http://10.0.0.5:8000");
	assert_non_null(strstr(n.list[0].ca, "/a.pem"));
	assert_true(n.list[0].pins[0].login == 9007199254740993);
	assert_true(n.list[0].enabled);
	assert_false(nodes_find(&n, "b")->enabled);
	assert_null(nodes_find(&n, "c"));
	nodes_done(&n);
}

static void
bad_nodes_are_quoted(void **state)
{
	static const struct {
		const char *text, *want;
	} table[] = {
	    {"[\n{\"id\":\"a\",\"url\":\"http://h\"},\n"
	     "{\"id\":\"a\",\"url\":\"http://h\"}]",
		":3: node id given twice: \"a\""},
	    {"[\n{\"id\":\"a b\",\"url\":\"http://h\"}]",
		":2: bad node id: \"a b\""},
	    {"[{\"id\":\"a\",\n\"url\":\"ftp://h\"}]",
		":2: not a http:// or https:// URL: \"ftp://h\""},
	    {"[{\"id\":\"a\",\"url\":\"http://h\",\n\"tokn\":\"x\"}]",
		":2: unknown key: \"tokn\""},
	    {"[{\"id\":\"a\",\"url\":\"http://h\",\"token\":5}]",
		":1: node \"a\": token is not a text"},
	    {"[{\"id\":\"a\",\"url\":\"http://h\",\"enabled\":\"yes\"}]",
		"enabled is neither true nor false"},
	    {"[{\"id\":\"a\",\"url\":\"http://h\","
	     "\"accounts\":[{\"login\":1}]}]",
		"an account needs \"server\" and \"login\""},
	    {"[{\"id\":\"a\"}]", "node number 1 needs \"id\" and \"url\""},
	    {"[{\"id\":\"a\",\"url\":\"http://h\",\"accounts\":[[1]]}]",
		"an account needs \"server\" and \"login\""},
	    {"[{\"id\":\"a\",\"url\":\"http://h\",\"accounts\":[1,null]}]",
		"an account needs \"server\" and \"login\""},
	    {"[[1],{}]", "node number 1 needs \"id\" and \"url\""},
	    {"[{\"id\":\"a\",\"url\":\"http://h\",\"token\":\"x\\ny\"}]",
		"node \"a\": token has a blank or control character"},
	    {"[{\"id\":\"a\",\"url\":\"https://[[::1]]:8000\"}]",
		"not a http:// or https:// URL: \"https://[[::1]]:8000\""},
	    {"[{\"id\":\"a\",\"url\":\"https://h:99999\"}]",
		"not a http:// or https:// URL: \"https://h:99999\""},
	    {"[{\"id\":\"a\",\"url\":\"https://h:\"}]",
		"not a http:// or https:// URL: \"https://h:\""},
	    {"[{\"id\":\"a\",\"url\":\"https://h,i\"}]",
		"not a http:// or https:// URL: \"https://h,i\""},
	    {"{}", ":1: not a JSON list"},
	    {"[\n{\"id\":\"a\",,}]", ":2: not JSON from here"},
	};
	struct nodes n;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		assert_int_equal(nodes_load(&n, write_file(table[i].text)), -1);
		if (strstr(n.error, table[i].want) == NULL)
			fail_msg(
			    "\"%s\" is not in \"%s\"", table[i].want, n.error);
		nodes_done(&n);
	}
}

static void
urls_become_nodes(void **state)
{
	struct nodes n;

	(void)state;
	assert_int_equal(
	    nodes_from_urls(&n, "[\"http://10.0.0.5:8000\",\"https://b/\"]"),
	    0);
	assert_string_equal(n.list[0].id, "10.0.0.5-8000");
	assert_string_equal(n.list[1].url, "https://b");
	nodes_done(&n);
	assert_int_equal(
	    nodes_from_urls(&n, "[\"https://[2001:db8::7]:8000\"]"), 0);
	nodes_done(&n);
	assert_int_equal(nodes_from_urls(&n, "[\"x\"]"), -1);
	nodes_done(&n);
	/* as the legacy system has them */
	assert_int_equal(nodes_from_urls(&n,
			     "[{\"name\":\"VPS-1\",\"url\":\"http://a:8000\"},"
			     "\"http://b:8000\"]"),
	    0);
	assert_string_equal(n.list[0].id, "VPS-1");
	assert_string_equal(n.list[0].url, "http://a:8000");
	assert_string_equal(n.list[1].id, "b-8000");
	nodes_done(&n);
	assert_int_equal(
	    nodes_from_urls(
		&n, "[{\"name\":\"VPS 1\",\"url\":\"http://a:8000\"}]"),
	    -1);
	assert_non_null(strstr(n.error, "\"VPS 1\""));
	nodes_done(&n);
	assert_int_equal(
	    nodes_from_urls(&n, "[{\"name\":\"a\",\"url\":\"http://a:8000\"},"
				"{\"name\":\"a\",\"url\":\"http://a:8001\"}]"),
	    -1);
	nodes_done(&n);
	assert_int_equal(nodes_from_urls(&n, "[{\"name\":\"a\"}]"), -1);
	nodes_done(&n);
	assert_int_equal(nodes_from_urls(&n, "nope"), -1);
	nodes_done(&n);
	assert_int_equal(
	    nodes_from_urls(&n, "[\"http://a\",\"http://a\"]"), -1);
	nodes_done(&n);
}

static int
clean(void **state)
{
	(void)state;
	unlink(file);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(defaults_stand),
	    cmocka_unit_test(file_is_read_and_environment_wins),
	    cmocka_unit_test(mistakes_are_all_named),
	    cmocka_unit_test(a_missing_file_is_named),
	    cmocka_unit_test(the_token_comes_from_its_file),
	    cmocka_unit_test(nodes_are_read),
	    cmocka_unit_test(bad_nodes_are_quoted),
	    cmocka_unit_test(urls_become_nodes),
	};

	unsetenv("MT5FLEET_CONFIG");
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(file, sizeof(file), "%s/config", dir);
	return cmocka_run_group_tests(tests, NULL, clean);
}
