# What a unit test or fuzz driver links besides lib/.
AGENT = $(BUILD)/agent
UNIT_agent_envelope_test = $(AGENT)/envelope.o
UNIT_agent_jsonscan_test = $(AGENT)/jsonscan.o $(AGENT)/member.o
UNIT_agent_request_test = $(AGENT)/request.o
UNIT_agent_terminal_test = $(AGENT)/terminal.o $(AGENT)/question.o \
	$(AGENT)/snapshot.o $(AGENT)/jsonscan.o $(AGENT)/member.o \
	$(AGENT)/envelope.o $(AGENT)/platform_posix.o

SHEETS = $(BUILD)/cron/sheets
UNIT_sheets_ask_test = $(SHEETS)/retry.o $(SHEETS)/pace.o $(SHEETS)/a1.o \
	$(SHEETS)/explain.o
UNIT_sheets_jwt_test = $(SHEETS)/key.o $(SHEETS)/jwt.o $(SHEETS)/token.o
UNIT_sheets_live_test = $(SHEETS)/live.o
UNIT_sheets_row_test = $(SHEETS)/row.o $(SHEETS)/tab.o $(SHEETS)/hash.o \
	$(SHEETS)/mirror.o
