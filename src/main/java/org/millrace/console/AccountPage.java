package org.millrace.console;

import java.util.Optional;
import org.millrace.guard.PasswordLogIn;
import org.millrace.guard.Passwords;
import org.millrace.journal.Account;

/** Who somebody is here, and where they give their account another password. */
final class AccountPage {
  static final String PATH = "/account";
  private static final String NOTHING_DONE = "Nothing was done: ";

  private final Layout layout;
  private final Entrance entrance;
  private final Tellings tellings;

  AccountPage(Layout layout, Entrance entrance, Tellings tellings) {
    this.layout = layout;
    this.entrance = entrance;
    this.tellings = tellings;
  }

  /**
   * The page.
   *
   * @param provider by which they logged in, as people know it; empty if they did by an account
   * @param told what came of a change that was asked for
   */
  record Model(String name, String role, String provider, Optional<MessageVerbs.Told> told) {}

  /** While there are no accounts there is nothing to show. */
  Answer show(Request request) {
    return request.person().known()
        ? page(request, 200, tellings.take(request.session(), PATH))
        : Answer.seeOther(Link.to("/"));
  }

  Answer change(Request request) throws InterruptedException {
    Person person = request.person();
    if (!person.known() || person.ofProvider()) {
      return page(request, 422, "the password is not kept here.");
    }
    String password = request.form().exactly("password");
    String next = request.form().exactly("next");
    Optional<String> fault = faultOf(person, password, next, request.form().exactly("again"));
    if (fault.isPresent()) {
      return page(request, 422, "the new password " + fault.get() + ".");
    }
    PasswordLogIn.Outcome outcome = entrance.changePassword(person, password, next);
    if (outcome instanceof PasswordLogIn.Outcome.LoggedIn in) {
      return changed(request, in.account());
    }
    return outcome instanceof PasswordLogIn.Outcome.Later
        ? page(request, 429, LogInPage.TOO_MANY)
        : page(
            request,
            422,
            "the password you have is another one, or was typed wrong five times in a row: then it"
                + " is not looked at for 15 minutes.");
  }

  private static Optional<String> faultOf(
      Person person, String password, String next, String again) {
    if (!next.equals(again)) {
      return Optional.of("is typed in two ways");
    }
    return next.equals(password)
        ? Optional.of("is the one you have")
        : Passwords.fault(person.actor().name(), next);
  }

  /** Whoever is logged in by the account elsewhere is not any more; this browser is, anew. */
  private Answer changed(Request request, Account account) {
    Session fresh =
        entrance.begin(request.session(), new Visitor.OfAccount(account.name(), account.version()));
    tellings.keep(
        fresh,
        PATH,
        new MessageVerbs.Told(
            true, "The account has another password. Other browsers are logged out."));
    return Answer.seeOther(Link.to(PATH)).knownBy(fresh);
  }

  private Answer page(Request request, int status, String fault) {
    return page(request, status, Optional.of(new MessageVerbs.Told(false, NOTHING_DONE + fault)));
  }

  private Answer page(Request request, int status, Optional<MessageVerbs.Told> told) {
    Person person = request.person();
    String provider =
        person.ofProvider() ? entrance.provider().map(each -> each.title()).orElse("") : "";
    return layout.page(
        request,
        status,
        Head.of("Your account", ""),
        "account",
        new Model(person.actor().name(), person.role(), provider, told));
  }
}
