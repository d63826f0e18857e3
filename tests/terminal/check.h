// Tests that print one line each: "ok - name", or why not.
#ifndef CHECK_H
#define CHECK_H

#include "mql5.h"

#include <cstdio>
#include <exception>
#include <sstream>
#include <string>
#include <vector>

struct Failed {
	std::string why;
};
struct Skipped {
	std::string why;
};
struct Test {
	const char *name;
	void (*run)();
};
inline std::vector<Test> &
all_tests()
{
	static std::vector<Test> tests;

	return tests;
}
struct Registered {
	Registered(const char *name, void (*run)())
	{
		all_tests().push_back({name, run});
	}
};

inline std::ostream &
operator<<(std::ostream &out, const string &s)
{
	return out << to_utf8(s);
}

#define TEST(name)                                        \
	static void name();                               \
	static Registered name##_registered(#name, name); \
	static void name()

#define CHECK(what)                                      \
	do {                                             \
		if (!(what))                             \
			fail(__FILE__, __LINE__, #what); \
	} while (0)
#define CHECK_EQ(a, b) check_equal(__FILE__, __LINE__, #a, (a), (b))

[[noreturn]] inline void
fail(const char *file, int line, const std::string &why)
{
	throw Failed{file + (":" + std::to_string(line)) + ": " + why};
}

template <class A, class B>
void
check_equal(
    const char *file, int line, const char *what, const A &a, const B &b)
{
	std::ostringstream why;

	if (a == b)
		return;
	why.precision(17);
	why << what << " is " << a << ", expected " << b;
	fail(file, line, why.str());
}

inline int
run_tests()
{
	int failed = 0;

	for (const Test &test : all_tests()) {
		std::string why;
		try {
			test.run();
			printf("ok - %s\n", test.name);
		} catch (const Skipped &s) {
			printf("ok - %s # SKIP %s\n", test.name, s.why.c_str());
		} catch (const Failed &f) {
			why = f.why;
		} catch (const std::exception &e) {
			why = e.what();
		}
		if (!why.empty()) {
			printf("not ok - %s: %s\n", test.name, why.c_str());
			failed++;
		}
		fflush(stdout);
	}
	return failed != 0;
}

#endif
