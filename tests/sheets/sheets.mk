# The program that fills a ledger for the tests of sheets.
$(BUILD)/test/sheets_seed: $(OBJ)/tests/sheets/seed.o $(LIB) $(FLAGS)
	@mkdir -p $(@D)
	$(LINK) -o $@ $< $(LIB) $(call libs,$(LEDGER)) $(LIBS)

unit: $(BUILD)/test/sheets_seed
