// Package e2e holds the tests of the console in a real browser: the real
// program on the demo's data, driven by keys and pointer as a person would.
//
//	WHETSTONE_BIN          the program to test; without it one is built
//	WHETSTONE_SCREENSHOTS  the folder for screenshots; without it a temporary one, which is printed
//	WHETSTONE_PAGES        only pages whose address contains this
//
// The tests share one browser, in which each has a window and cookies of its
// own, and mostly have a demo each, which starts in half a second. What is to be
// checked on every page belongs into the one walk through them
// (TestEveryPageIsSoundInEveryLook): a walk of its own takes most of a minute.
//
// Where there is no Chromium the tests are skipped with a line that says so.
// axe-core (testdata, MPL-2.0) is used by the tests alone and is no part of
// the program.
package e2e
