/* start.h: main() of agent/main.c, under the name it has in agent.exe. */
#ifndef AGENT_WINDOWS_START_H
#define AGENT_WINDOWS_START_H

int agent_main(int argc, char **argv);

#endif
