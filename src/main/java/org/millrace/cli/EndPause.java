package org.millrace.cli;

import java.util.concurrent.ExecutionException;
import org.millrace.journal.JournalDatabase;

/** Resumes something. */
abstract class EndPause extends PauseRequest {
  @Override
  String change(JournalDatabase open, String name) throws InterruptedException, ExecutionException {
    return open.pauses().resume(target().kind(), name, EngineRequests.who()).get() ? "resumed" : "";
  }

  @Override
  String unchanged() {
    return "it is not paused";
  }
}
