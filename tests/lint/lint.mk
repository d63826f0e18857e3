# `make lint`: every finding is mended, or its kind is left out in one line with
# the reason: .clang-tidy, tests/lint/cppcheck, eslint.config.mjs, and here.
# What was clean is not looked at again before it, or a header of it, changes.

LINT     = $(BUILD)/lint
LINT_SRC = $(C_SRC)
SCRIPTS  = $(shell git ls-files | xargs grep -lE '^\#!/bin/(ba)?sh' -- 2>/dev/null)

.PHONY: lint lint-all lint-format lint-tidy lint-analyzer lint-cppcheck \
	lint-shell lint-page lint-contract lint-man lint-ansible
lint: ## clang-format, clang-tidy, cppcheck, gcc -fanalyzer, shellcheck, tsc, ESLint, Spectral, ansible-lint
	@bin/deps lint
	@$(MAKE) --no-print-directory -s -k -j2 lint-all
	@echo 'lint: clean'
lint-all: lint-format lint-shell lint-page lint-contract lint-man lint-ansible lint-cppcheck \
	lint-analyzer lint-tidy

lint-format:
	clang-format --dry-run -Werror $$(git ls-files '*.c' '*.h')

lint-tidy: $(LINT_SRC:%.c=$(LINT)/%.tidy)
$(LINT)/%.tidy: %.c $(OBJ)/%.o .clang-tidy
	@mkdir -p $(@D)
	clang-tidy --quiet --warnings-as-errors='*' $< -- $(OUR_CPPFLAGS) -std=c11 \
	    2>$@.err || { cat $@.err; exit 1; }
	@touch $@

# not in tests, where a failed assertion ends a path unseen by it
lint-analyzer: $(patsubst %.c,$(LINT)/%.analyzer,$(filter-out tests/%,$(LINT_SRC)))
$(LINT)/%.analyzer: %.c $(OBJ)/%.o
	@mkdir -p $(@D)
	$(COMPILE) -Werror -fanalyzer -S -o /dev/null $<
	@touch $@

lint-cppcheck: compile_commands.json
	@mkdir -p $(LINT)/cppcheck
	cppcheck --quiet --project=compile_commands.json -i tests/terminal \
	    --cppcheck-build-dir=$(LINT)/cppcheck -j2 --inline-suppr \
	    --enable=warning,performance,portability --error-exitcode=1 \
	    --library=tests/lint/cppcheck.cfg --suppressions-list=tests/lint/cppcheck

lint-shell:
	shellcheck -x -S warning $(SCRIPTS)

lint-page: node_modules/.made tests/lint/node_modules/.made
	node_modules/.bin/tsc --noEmit -p htdocs
	tests/lint/node_modules/.bin/eslint -c tests/lint/eslint.config.mjs \
	    htdocs tests

lint-contract: tests/lint/node_modules/.made
	tests/lint/node_modules/.bin/spectral lint -q -D -F error \
	    -r tests/lint/spectral.yaml docs/openapi.yaml

tests/lint/node_modules/.made: tests/lint/package.json tests/lint/package-lock.json
	cd tests/lint && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Profile production (.ansible-lint). It leaves a cache in the folder, and sees
# nothing in one that git ignores.
lint-ansible:
	dir=$$(mktemp -d) && cp -r agent/ansible $$dir/lint && \
	    (cd $$dir/lint && HOME=$$dir ANSIBLE_HOME=$$dir/.ansible \
	    ansible-lint --nocolor --offline -q); rc=$$?; rm -rf $$dir; exit $$rc

lint-man:
	mandoc -Tlint -Wwarning $$(git ls-files 'man/*.[18]' 'etc/*.8')
