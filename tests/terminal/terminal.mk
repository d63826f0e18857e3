# The simulated terminal, and the bridge's tests. Every *_test.cpp here is a
# program of its own, linked with all but main.

TERMINAL_SRC  = $(filter-out %_test.cpp %/fixture.cpp,\
		$(wildcard tests/terminal/*.cpp))
TERMINAL_OBJ  = $(TERMINAL_SRC:%.cpp=$(OBJ)/%.o)
TERMINAL_TEST = $(patsubst tests/terminal/%.cpp,$(BUILD)/test/%,\
		$(wildcard tests/terminal/*_test.cpp))
TERMINAL_WARN = -Wshadow -Wconversion -Wformat=2 $(if $(CI),-Werror)
# MQL5's own lines, which a C++ preprocessor does not know
BRIDGE        = $(patsubst agent/bridge/%,$(BUILD)/bridge/%.inc,\
		$(wildcard agent/bridge/*.mq5))

terminal: $(BUILD)/bin/terminal
unit: $(TERMINAL_TEST)

$(BUILD)/bin/terminal: $(TERMINAL_OBJ) $(FLAGS)
	@mkdir -p $(@D)
	$(LINK_CXX) -o $@ $(TERMINAL_OBJ) $(call libs,libcjson) $(LDLIBS)

$(BUILD)/bridge/%.inc: agent/bridge/%
	@mkdir -p $(@D)
	sed 's/^#property/\/\/ #property/' $< > $@

$(OBJ)/tests/terminal/%.o: tests/terminal/%.cpp $(FLAGS) | $(BRIDGE)
	@mkdir -p $(@D)
	$(COMPILE_CXX) $(TERMINAL_WARN) -MMD -MP -c -o $@ $<

$(TERMINAL_TEST): $(BUILD)/test/%: $(OBJ)/tests/terminal/%.o \
    $(OBJ)/tests/terminal/fixture.o $(filter-out %/main.o,$(TERMINAL_OBJ)) \
    $(FLAGS) | $(BUILD)/bin/terminal
	@mkdir -p $(@D)
	$(LINK_CXX) -o $@ $(filter %.o,$^) $(call libs,libcjson zlib) $(LDLIBS)
