package org.millrace.crash;

import java.util.Optional;
import org.millrace.crash.WatchedCerner.Moment;

/** Where the engine is when it is killed. */
enum CrashPoint {
  /** A sender has written half of its frame. */
  FRAME_HALF_SENT,
  /** A sender has written its frame; whether the engine stored it nobody knows. */
  FRAME_SENT,
  /** A sender has just read its first AA. */
  ACKNOWLEDGED,
  /** Many senders at once: kills in the middle of a commit of many. */
  AMID_MANY,
  /** A sender has written a batch: the engine is amid its messages, some stored and some not. */
  AMID_BATCH,
  /** The engine asks for a token. */
  TOKEN_ASKED("POST", "/token", Moment.ASKED),
  /** Half of the token's answer has left. */
  TOKEN_HALF_ANSWERED("POST", "/token", Moment.HALF_ANSWERED),
  /** The engine asks for the patient. */
  PATIENT_ASKED("GET", "/Patient", Moment.ASKED),
  /** It has just been answered which patient. */
  PATIENT_ANSWERED("GET", "/Patient", Moment.ANSWERED),
  /** The create is on its way; Cerner stores it right after the engine died. */
  CREATE_ASKED("POST", "/DocumentReference", Moment.ASKED),
  /** As before, but Cerner stores it only while the next start is already looking for it. */
  CREATE_STORED_LATE("POST", "/DocumentReference", Moment.ASKED),
  /** Stored at Cerner, nothing of the answer has left. */
  CREATE_STORED("POST", "/DocumentReference", Moment.STORED),
  /** Stored, half of the answer has left. */
  CREATE_HALF_ANSWERED("POST", "/DocumentReference", Moment.HALF_ANSWERED),
  /** Answered whole: the engine dies while it puts that on record. */
  CREATE_ANSWERED("POST", "/DocumentReference", Moment.ANSWERED),
  /** An answer was lost, and the engine begins to look. */
  LOOK_ASKED("GET", "/DocumentReference", Moment.ASKED),
  /** The look has just been answered. */
  LOOK_ANSWERED("GET", "/DocumentReference", Moment.ANSWERED),
  /** Cerner answered 503; the engine waits for its retry. */
  RETRY_WAITING("POST", "/DocumentReference", Moment.ANSWERED),
  /** It has been killed once, and is killed again while it takes up what waited. */
  STARTING;

  private final Optional<WatchedCerner.Watch> watch;

  CrashPoint() {
    this.watch = Optional.empty();
  }

  CrashPoint(String method, String path, Moment moment) {
    this.watch = Optional.of(new WatchedCerner.Watch(method, path, moment));
  }

  /** The exchange with Cerner at which it happens; empty if it happens elsewhere. */
  Optional<WatchedCerner.Watch> watch() {
    return watch;
  }

  /** Whether an answer to a create must get lost first. */
  boolean needsLostAnswer() {
    return this == LOOK_ASKED || this == LOOK_ANSWERED;
  }
}
