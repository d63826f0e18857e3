#!/bin/bash
# prefix.sh DIR: builds, once, the libraries that agent.exe is linked with,
# static, from Debian's source packages, by Debian's mingw-w64. About 8 minutes
# on 2 cores; DIR/.made says that it is done. zlib comes ready from
# libz-mingw-w64-dev.
set -euo pipefail

host=x86_64-w64-mingw32
mkdir -p "$1"
prefix=$(cd "$1" && pwd)
work=$prefix/src
[ ! -e "$prefix/.made" ] || exit 0
mkdir -p "$work"
cd "$work"

# apt-get source needs the source lists; ours are made of the machine's own,
# in this folder, and touch nothing else
lists=$work/apt
mkdir -p "$lists/lists/partial" "$lists/parts"
cat /etc/apt/sources.list.d/debian.sources 2>/dev/null |
	sed 's/^Types:.*/Types: deb-src/' >"$lists/parts/src.sources" || true
{ cat /etc/apt/sources.list 2>/dev/null || true; } |
	sed -n 's/^deb /deb-src /p' >"$lists/parts/src.list"
apt=(-o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$lists/parts"
	-o "Dir::State::lists=$lists/lists" -o "APT::Sandbox::User=root"
	-o "Dir::Cache::srcpkgcache=" -o "Dir::Cache::pkgcache=")
apt-get -qq "${apt[@]}" update
for package in nettle gnutls28 libmicrohttpd cjson; do
	compgen -G "$package-*/" >/dev/null ||
		apt-get -qq "${apt[@]}" source "$package" >"$package.log" 2>&1
done

export CFLAGS="-O2 -I$prefix/include" LDFLAGS="-L$prefix/lib"
export PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig PKG_CONFIG_PATH=

built() { # name command...: once, its output kept
	local name=$1
	shift
	[ ! -e "$work/$name.done" ] || return 0
	echo "prefix: $name"
	(cd "$work/$name"-*/ && "$@") >"$work/$name.build.log" 2>&1 || {
		tail -20 "$work/$name.build.log" >&2
		echo "prefix: $name could not be built" >&2
		exit 1
	}
	touch "$work/$name.done"
}
# Debian's patches make generated files look old: they are not remade here
configured() {
	find . -name aclocal.m4 -exec touch {} +
	sleep 1
	find . \( -name Makefile.in -o -name configure -o -name 'config.h.in' \
		-o -name 'stamp-h*.in' \) -exec touch {} +
	./configure --host="$host" --prefix="$prefix" --disable-shared \
		--enable-static "$@"
	make -j2 AUTOCONF=: AUTOMAKE=: ACLOCAL=: AUTOHEADER=: MAKEINFO=true
	make install AUTOCONF=: AUTOMAKE=: ACLOCAL=: AUTOHEADER=: MAKEINFO=true
}

nettle() {
	configured --libdir="$prefix/lib" --enable-mini-gmp --disable-openssl \
		--disable-documentation
}
gnutls28() {
	configured --with-included-libtasn1 --with-included-unistring \
		--without-p11-kit --with-nettle-mini --disable-hardware-acceleration \
		--without-zlib --without-brotli --without-zstd --without-idn \
		--disable-doc --disable-tools --disable-tests --disable-cxx \
		--disable-nls --disable-libdane --without-tpm --without-tpm2
	# a module that a Debian patch adds to the list which autoreconf reads
	for file in gl_list gl_linkedhash_list; do
		(cd gl && $host-gcc $CFLAGS -DHAVE_CONFIG_H -I. -I.. -c "$file.c")
		$host-ar rs "$prefix/lib/libgnutls.a" "gl/$file.o"
	done
}
libmicrohttpd() {
	CPPFLAGS=-DGNUTLS_INTERNAL_BUILD LIBS="-lgnutls -lhogweed -lnettle \
-lws2_32 -lcrypt32 -lncrypt -lbcrypt -liphlpapi -lpthread -ladvapi32" \
		configured --enable-https --disable-doc --disable-examples \
		--disable-curl --with-gnutls="$prefix"
}
cjson() {
	$host-gcc $CFLAGS -c cJSON.c -o cJSON.o
	$host-ar rcs "$prefix/lib/libcjson.a" cJSON.o
	install -D -m 0644 cJSON.h "$prefix/include/cjson/cJSON.h"
}
built nettle nettle
built gnutls28 gnutls28
built libmicrohttpd libmicrohttpd
built cjson cjson
rm -rf "${work:?}"/*/ "$work"/*.orig* "$work"/*.debian.tar*
touch "$prefix/.made"
