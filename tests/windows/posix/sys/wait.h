// sys/wait.h: see tests/windows/posix.h, which is there already.
