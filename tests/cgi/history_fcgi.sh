# history_fcgi.sh: the same by FastCGI, behind a real nginx.
MODE=fcgi
. tests/cgi/history.sh
