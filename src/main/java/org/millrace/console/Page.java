package org.millrace.console;

/** Answers the requests of one path. */
@FunctionalInterface
interface Page {
  Answer answer(Request request) throws InterruptedException;
}
