# `make fuzz TIME=seconds`: the fuzz drivers under libFuzzer, with ASan and
# UBSan. Their seeds and some mutations run in every `make test`.
LLVM_SAN = address,undefined
.PHONY: fuzz fuzzers
fuzz: ## the fuzz drivers under libFuzzer; TIME=seconds
	@bin/deps fuzz
	@$(MAKE) --no-print-directory -s -j2 fuzzers BUILD=$(BUILD)/llvm CC=clang \
	    CPPFLAGS='$(CPPFLAGS) -U_FORTIFY_SOURCE -DFUZZ_LLVM' \
	    CFLAGS='$(CFLAGS) -O1 -fsanitize=fuzzer-no-link,$(LLVM_SAN)' \
	    LDFLAGS='$(LDFLAGS) -fsanitize=fuzzer,$(LLVM_SAN)'
	@BUILD=$(BUILD) TIME=$(or $(TIME),300) tests/fuzz/run
fuzzers: $(FUZZ)
