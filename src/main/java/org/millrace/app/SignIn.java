package org.millrace.app;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in words what Cerner granted, when it is first known and whenever it changes: the first
 * token is fetched as the engine starts, so that a missing scope is told before the first message
 * needs it. Thread-safe.
 */
final class SignIn {
  private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);
  private static final Duration WITHIN = Duration.ofSeconds(30);

  private final CernerActions cerner;
  private final ScopeNeeds needs;
  private final String who;
  private Optional<List<String>> told = Optional.empty();

  /**
   * @param tenant as lines of the log name it; empty for the one without a name
   */
  SignIn(CernerActions cerner, ScopeNeeds needs, String tenant) {
    this.cerner = cerner;
    this.needs = needs;
    this.who = tenant.isEmpty() ? "Cerner" : "Cerner for the tenant " + tenant;
    cerner.whenGranted(this::granted);
  }

  /**
   * Fetches a token and opens a connection in the background; that there is none is told by whoever
   * fetches it.
   */
  void begin() {
    Thread thread = new Thread(this::signIn, "cerner-sign-in");
    thread.setDaemon(true);
    thread.start();
  }

  private void signIn() {
    Call call = Call.within(WITHIN);
    if (cerner.signIn(call) instanceof Reply.Done<List<String>>) {
      cerner.connect(call);
    }
  }

  /** What fails for want of a scope, by the token in use; empty while there is none. */
  List<String> missing() {
    List<String> granted = cerner.grantedScopes();
    return granted.isEmpty() ? List.of() : needs.missing(granted);
  }

  private synchronized void granted(List<String> scopes) {
    if (told.filter(scopes::equals).isPresent()) {
      return;
    }
    told = Optional.of(List.copyOf(scopes));
    List<String> missing = needs.missing(scopes);
    if (missing.isEmpty()) {
      LOG.info("{} granted every scope that feeds and HTTP callers need", who);
    }
    for (String sentence : missing) {
      LOG.warn(
          "{}: {}; let it be enabled for the system account, or check MILLRACE_SCOPES",
          who,
          sentence);
    }
  }
}
