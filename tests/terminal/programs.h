// The bridge's two programs, as the user compiles them.
#ifndef PROGRAMS_H
#define PROGRAMS_H

void run_service();
void run_expert();

#endif
