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

$(BUILD)/bin/terminal: $(TERMINAL_OBJ)
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -o $@ $^ -lcjson

$(BUILD)/bridge/%.inc: agent/bridge/%
	@mkdir -p $(@D)
	sed 's/^#property/\/\/ #property/' $< > $@

$(OBJ)/tests/terminal/%.o: tests/terminal/%.cpp Makefile \
    tests/terminal/terminal.mk $(BRIDGE)
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) -I$(BUILD)/bridge -Iagent/bridge $(CXXFLAGS) \
	    $(TERMINAL_WARN) -MMD -MP -c -o $@ $<

$(TERMINAL_TEST): $(BUILD)/test/%: $(OBJ)/tests/terminal/%.o \
    $(OBJ)/tests/terminal/fixture.o $(filter-out %/main.o,$(TERMINAL_OBJ)) \
    | $(BUILD)/bin/terminal
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -o $@ $^ -lcjson -lz
