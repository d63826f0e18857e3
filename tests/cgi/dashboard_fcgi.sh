# dashboard_fcgi.sh: the same answers by FastCGI, behind a real nginx.
MODE=fcgi
. tests/cgi/dashboard.sh
