// MQL5's files: a sandbox of two folders, handles, and MetaTrader's errors.
#include "terminal.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	ERR_FUNCTION_NOT_ALLOWED = 4014,
	ERR_TOO_MANY_FILES = 5001,
	ERR_WRONG_FILENAME = 5002,
	ERR_CANNOT_OPEN_FILE = 5004,
	ERR_INVALID_FILEHANDLE = 5007,
	ERR_FILE_WRITEERROR = 5026,
	ERR_FILE_NOT_EXIST = 5019,
	ERR_FILE_CANNOT_REWRITE = 5020,
	ERR_NO_MORE_FILES = 5018
};

struct Search {
	std::vector<std::string> names;
	size_t next = 0;
};

constexpr size_t MAX_FILES = 64; // as MetaTrader has it
static int files[MAX_FILES];     // descriptor + 1; 0 is free
static std::map<long, Search> searches;
static long last_search;
static int last_error;

int
GetLastError()
{
	return last_error;
}

void
ResetLastError()
{
	last_error = 0;
}

static bool
fail(int error)
{
	last_error = error;
	return false;
}

// The path of a name in its folder, or "" where it leads out of it.
static std::string
resolve(const string &name, bool common)
{
	std::string path = to_utf8(name);

	std::replace(path.begin(), path.end(), '\\', '/');
	if (path.empty() || path[0] == '/' || path.find(':') != path.npos ||
	    ("/" + path + "/").find("/../") != path.npos)
		return "";
	const Terminal &t = terminal();
	return (common ? t.common : t.data + "/MQL5/Files") + "/" + path;
}

static void
make_folders(const std::string &path)
{
	for (size_t at = path.find('/', 1); at != path.npos;
	     at = path.find('/', at + 1))
		mkdir(path.substr(0, at).c_str(), 0777);
}

// Windows refuses a second opening that the first does not share; a lock
// stands in for it.
static int
open_file(const std::string &path, int flags)
{
	int mode = O_CLOEXEC, fd;
	bool shared = (flags & (FILE_SHARE_READ | FILE_SHARE_WRITE)) != 0;

	mode |= !(flags & FILE_WRITE) ? O_RDONLY : O_RDWR | O_CREAT;
	fd = open(path.c_str(), mode, 0666);
	if (fd == -1 && errno == ENOENT && (flags & FILE_WRITE)) {
		make_folders(path);
		fd = open(path.c_str(), mode, 0666);
	}
	if (fd == -1)
		return -1;
	if (flock(fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == -1 ||
	    ((flags & FILE_WRITE) && !(flags & FILE_READ) &&
		ftruncate(fd, 0) == -1)) {
		close(fd);
		return -1;
	}
	return fd;
}

int
FileOpen(const string &name, int flags)
{
	std::string path = resolve(name, flags & FILE_COMMON);
	size_t slot = 0;
	int fd;

	if (path.empty())
		return fail(ERR_WRONG_FILENAME), INVALID_HANDLE;
	while (slot < MAX_FILES && files[slot])
		slot++;
	if (slot == MAX_FILES)
		return fail(ERR_TOO_MANY_FILES), INVALID_HANDLE;
	if ((fd = open_file(path, flags)) == -1)
		return fail(ERR_CANNOT_OPEN_FILE), INVALID_HANDLE;
	files[slot] = fd + 1;
	return (int)slot + 1;
}

static int
descriptor(int handle)
{
	if (handle < 1 || (size_t)handle > MAX_FILES || !files[handle - 1]) {
		last_error = ERR_INVALID_FILEHANDLE;
		return -1;
	}
	return files[handle - 1] - 1;
}

void
FileClose(int handle)
{
	int fd = descriptor(handle);

	if (fd == -1)
		return;
	close(fd);
	files[handle - 1] = 0;
}

ulong
FileSize(int handle)
{
	struct stat st;
	int fd = descriptor(handle);

	return fd == -1 || fstat(fd, &st) == -1 ? 0 : (ulong)st.st_size;
}

uint
FileWriteArray(int handle, const Array<uchar> &bytes, int start, int count)
{
	int fd = descriptor(handle), done = 0;

	while (fd != -1 && done < count) {
		ssize_t n =
		    write(fd, &bytes[start + done], (size_t)(count - done));
		if (n <= 0) {
			last_error = ERR_FILE_WRITEERROR;
			break;
		}
		done += (int)n;
	}
	return (uint)done;
}

uint
FileReadArray(int handle, Array<uchar> &bytes)
{
	int fd = descriptor(handle);
	size_t done = 0, size = (size_t)FileSize(handle);

	bytes.items.resize(size);
	while (fd != -1 && done < size) {
		ssize_t n = read(fd, bytes.items.data() + done, size - done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	bytes.items.resize(done);
	return (uint)done;
}

bool
FileIsExist(const string &name, int common)
{
	struct stat st;
	std::string path = resolve(name, common & FILE_COMMON);

	if (path.empty())
		return fail(ERR_WRONG_FILENAME);
	if (stat(path.c_str(), &st) == -1 || S_ISDIR(st.st_mode))
		return fail(ERR_FILE_NOT_EXIST);
	return true;
}

bool
FileDelete(const string &name, int common)
{
	std::string path = resolve(name, common & FILE_COMMON);

	if (path.empty())
		return fail(ERR_WRONG_FILENAME);
	return unlink(path.c_str()) == 0 ? true : fail(ERR_FILE_NOT_EXIST);
}

bool
FileMove(const string &from, int common, const string &to, int mode)
{
	std::string old_path = resolve(from, common & FILE_COMMON);
	std::string new_path = resolve(to, mode & FILE_COMMON);
	Terminal &t = terminal();

	if (old_path.empty() || new_path.empty())
		return fail(ERR_WRONG_FILENAME);
	if (access(old_path.c_str(), F_OK) == -1)
		return fail(ERR_FILE_NOT_EXIST);
	if (!(mode & FILE_REWRITE) && access(new_path.c_str(), F_OK) == 0)
		return fail(ERR_FILE_CANNOT_REWRITE);
	if (t.refuse_moves > 0) {
		t.refuse_moves--;
		return fail(ERR_FILE_CANNOT_REWRITE);
	}
	return rename(old_path.c_str(), new_path.c_str()) == 0
		   ? true
		   : fail(ERR_CANNOT_OPEN_FILE);
}

bool
FolderCreate(const string &name, int common)
{
	std::string path = resolve(name, common & FILE_COMMON);

	if (path.empty())
		return fail(ERR_WRONG_FILENAME);
	make_folders(path + "/");
	return true;
}

long
FileFindFirst(const string &filter, string &name, int common)
{
	std::string path = resolve(filter, common & FILE_COMMON);
	size_t slash = path.rfind('/');
	struct dirent *entry;
	Search found;
	DIR *dir;

	dir = path.empty() ? nullptr : opendir(path.substr(0, slash).c_str());
	while (dir && (entry = readdir(dir)))
		if (fnmatch(path.c_str() + slash + 1, entry->d_name, 0) == 0)
			found.names.push_back(entry->d_name);
	if (dir)
		closedir(dir);
	if (found.names.empty())
		return fail(ERR_NO_MORE_FILES), INVALID_HANDLE;
	name = from_utf8(found.names[0]);
	found.next = 1;
	searches[++last_search] = found;
	return last_search;
}

bool
FileFindNext(long handle, string &name)
{
	auto found = searches.find(handle);

	if (found == searches.end() ||
	    found->second.next >= found->second.names.size())
		return false;
	name = from_utf8(found->second.names[found->second.next++]);
	return true;
}

void
FileFindClose(long handle)
{
	searches.erase(handle);
}
