# The program that fills a ledger for the tests of sheets.
$(BUILD)/test/sheets_seed: $(OBJ)/tests/sheets/seed.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

unit: $(BUILD)/test/sheets_seed
