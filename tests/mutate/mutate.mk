# `make mutate TIME=seconds SEED=number`: small wrong changes to money, trades,
# rules and deals, each of which a unit test must notice (tests/mutate/run.py).
.PHONY: mutate
mutate: deps-test ## small wrong changes, which the tests must notice; TIME=600 s, SEED=, FILES=
	@$(MAKE) --no-print-directory -s -j2 programs unit
	@BUILD=$(BUILD) TIME=$(TIME) SEED=$(SEED) FILES="$(FILES)" \
	    COMPILE='$(COMPILE)' LINK='$(LINK)' \
	    LIBS='$(call libs,$(TEST_PKGS)) $(LIBS)' python3 tests/mutate/run.py
