/* join.h: mt5fleet-agent join: this machine becomes a node (docs/nodes.md). */
#ifndef AGENT_JOIN_H
#define AGENT_JOIN_H

/* argv[0] is "join". The exit code. */
int join_main(int argc, char **argv);

#endif
