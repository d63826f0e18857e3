# What a unit test or fuzz driver links besides lib/.
AGENT = $(OBJ)/agent
UNIT_agent_envelope_test = $(AGENT)/envelope.o
UNIT_agent_jsonscan_test = $(AGENT)/jsonscan.o $(AGENT)/member.o
UNIT_agent_terminal_test = $(AGENT)/terminal.o $(AGENT)/question.o \
	$(AGENT)/snapshot.o $(AGENT)/jsonscan.o $(AGENT)/member.o \
	$(AGENT)/envelope.o $(AGENT)/platform_posix.o
UNIT_agent_journal_test = $(AGENT)/journal.o $(AGENT)/platform_posix.o \
	$(AGENT)/process_posix.o
UNIT_agent_guard_test = $(AGENT)/process_posix.o $(AGENT)/platform_posix.o
UNIT_agent_auth_test = $(AGENT)/auth.o
FUZZ_mailbox_fuzz = $(AGENT)/envelope.o $(AGENT)/snapshot.o \
	$(AGENT)/jsonscan.o $(AGENT)/member.o
FUZZ_journal_fuzz = $(UNIT_agent_journal_test)
FUZZ_agent_http_body_fuzz = $(filter-out %/main.o,$(call objects,agent))

SHEETS = $(OBJ)/cron/sheets
UNIT_sheets_ask_test = $(SHEETS)/google/retry.o $(SHEETS)/google/pace.o \
	$(SHEETS)/google/error.o $(SHEETS)/a1.o
UNIT_sheets_jwt_test = $(SHEETS)/google/key.o $(SHEETS)/google/jwt.o \
	$(SHEETS)/google/token.o
UNIT_sheets_row_test = $(SHEETS)/row.o $(SHEETS)/tab.o $(SHEETS)/hash.o \
	$(SHEETS)/mirror.o

LIVE = $(OBJ)/live
UNIT_live_ring_test = $(LIVE)/ring.o $(LIVE)/id.o
UNIT_live_message_test = $(LIVE)/message.o $(LIVE)/filter.o $(LIVE)/id.o
UNIT_live_entry_test = $(LIVE)/id.o $(LIVE)/entry.o $(LIVE)/high.o $(LIVE)/filter.o
FUZZ_live_client_fuzz = $(LIVE)/message.o $(LIVE)/filter.o $(LIVE)/ring.o \
	$(LIVE)/id.o
# collect, all but its main
COLLECT = $(filter-out %/main.o,$(call objects,cron/collect))
UNIT_collect_answer_test = $(COLLECT)
UNIT_collect_node_test = $(COLLECT)
UNIT_collect_alert_test = $(COLLECT)
ALERTS = $(OBJ)/cron/alerts
UNIT_alerts_list_test = $(ALERTS)/list.o
DASHBOARD = $(filter-out %/main.o,$(call objects,cgi-bin/dashboard))
UNIT_dashboard_kept_test = $(DASHBOARD)
UNIT_dashboard_many_test = $(DASHBOARD)

# the fuzz drivers of programs
FUZZ_answer_fuzz = $(COLLECT)
FUZZ_trades_fuzz = $(OBJ)/cron/trades/page.o
FUZZ_google_fuzz = $(SHEETS)/google/error.o $(SHEETS)/google/token.o \
	$(SHEETS)/google/key.o $(SHEETS)/google/jwt.o $(SHEETS)/book.o \
	$(SHEETS)/google/retry.o \
	$(SHEETS)/a1.o $(SHEETS)/tab.o $(SHEETS)/hash.o
FUZZ_stored_fuzz = $(UNIT_live_entry_test)
FUZZ_admin_fuzz = $(filter-out %/main.o,$(call objects,cgi-bin/admin))
FUZZ_import_fuzz = $(filter-out %/main.o,$(call objects,bin))

# The clock that a system test moves on (tests/system/clock.mjs).
$(BUILD)/test/clock.so: tests/system/clock.c
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -O2 -std=c11 $(WARN) -fPIC -shared -o $@ $<
unit: $(BUILD)/test/clock.so
