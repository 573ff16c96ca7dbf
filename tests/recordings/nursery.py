"""Writers by the dozen: a process that has loaded everything once and forks for each.

`python -m tests.recordings.nursery`: a line with a socket's path in, a line with the process's id
out. What is forked is the writer as it is started otherwise.
"""

from __future__ import annotations

import os
import signal
import sys

from recordings import writer


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for those that were killed.
    for line in sys.stdin:
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            writer.main(line.strip(), parent)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
