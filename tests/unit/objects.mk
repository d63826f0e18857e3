# What a unit test or fuzz driver links besides lib/.
AGENT = $(BUILD)/agent
UNIT_agent_envelope_test = $(AGENT)/envelope.o
UNIT_agent_jsonscan_test = $(AGENT)/jsonscan.o $(AGENT)/member.o
UNIT_agent_request_test = $(AGENT)/request.o
UNIT_agent_terminal_test = $(AGENT)/terminal.o $(AGENT)/question.o \
	$(AGENT)/snapshot.o $(AGENT)/jsonscan.o $(AGENT)/member.o \
	$(AGENT)/envelope.o $(AGENT)/platform_posix.o
