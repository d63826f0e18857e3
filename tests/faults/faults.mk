# `make faults`: every write, sync, connection, SQL step and allocation of the
# commands and jobs that write fails once (tests/faults/faults.py).
$(BUILD)/test/fault.so: tests/faults/fault.c
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -O2 -std=c11 $(filter-out -Wmissing-prototypes,$(WARN)) \
	    -fPIC -shared -o $@ $< -ldl
unit: $(BUILD)/test/fault.so
.PHONY: faults
faults: deps-test ## each write, connection, SQL step and allocation fails once; EVERY=7th, ONLY=
	@$(MAKE) --no-print-directory -s -j2 programs unit
	@BUILD=$(BUILD) EVERY=$(or $(EVERY),7) ONLY=$(ONLY) \
	    python3 tests/faults/faults.py
