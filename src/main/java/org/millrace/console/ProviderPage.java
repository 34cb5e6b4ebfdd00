package org.millrace.console;

import java.util.Optional;
import org.millrace.guard.ProviderLogIn;
import org.millrace.guard.ProviderLogIn.Outcome;

/**
 * Sends somebody to the provider, and takes them up when it sends them back. By links, since the
 * rules of pages let no form lead to another site.
 */
final class ProviderPage {
  static final String PATH = "/log-in/oidc";

  private final ProviderLogIn provider;
  private final Entrance entrance;
  private final LogInPage page;

  ProviderPage(ProviderLogIn provider, Entrance entrance, LogInPage page) {
    this.provider = provider;
    this.entrance = entrance;
    this.page = page;
  }

  Answer begin(Request request) {
    String to = LogInPage.to(request.query().text("to"));
    if (request.person().known()) {
      return Answer.seeOther(Link.to(to.isEmpty() ? "/" : to));
    }
    Optional<ProviderLogIn.Begun> begun = provider.begin(to);
    return begun
        .map(each -> Answer.elsewhere(each.at()).keeping(each.cookie()))
        .orElseGet(() -> unreachable(request, to));
  }

  Answer back(Request request) throws InterruptedException {
    Outcome outcome =
        provider.finish(
            request.query().values(), request.attempt(), request.person().actor().address());
    return answer(request, outcome).keeping("");
  }

  private Answer answer(Request request, Outcome outcome) {
    if (outcome instanceof Outcome.LoggedIn in) {
      Visitor visitor = new Visitor.OfProvider(in.name(), in.roles());
      return page.letIn(request, entrance.begin(request.session(), visitor), LogInPage.to(in.to()));
    }
    if (outcome instanceof Outcome.Refused refused) {
      return page.page(request, 403, "", refused.sentence());
    }
    return outcome instanceof Outcome.Later
        ? page.page(request, 429, "", LogInPage.TOO_MANY)
        : unreachable(request, "");
  }

  private Answer unreachable(Request request, String to) {
    return page.page(
        request,
        503,
        to,
        "You cannot be logged in by "
            + provider.title()
            + " at present: it does not answer as it should. Try again in a minute.");
  }
}
