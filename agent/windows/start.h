/* start.h: what agent.exe may start as. */
#ifndef AGENT_WINDOWS_START_H
#define AGENT_WINDOWS_START_H

/* main() of agent/main.c */
int agent_main(int argc, char **argv);

/* The guard of a file (agent/platform.h): the handle of the agent's process,
 * a time limit in ms, the file. For the agent itself alone. */
#define GUARD_OPTION "--guard"
int guard_main(char *const *args);

#endif
