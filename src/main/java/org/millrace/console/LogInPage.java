package org.millrace.console;

import org.millrace.guard.PasswordLogIn;

/** Where somebody says who they are, and that they go. */
final class LogInPage {
  private static final String PATH = "/log-in";

  private final Layout layout;
  private final Entrance entrance;

  LogInPage(Layout layout, Entrance entrance) {
    this.layout = layout;
    this.entrance = entrance;
  }

  /**
   * The page.
   *
   * @param to where to go on to
   * @param fault why somebody is not let in; empty if nobody tried
   */
  record Model(String to, String fault) {}

  Answer show(Request request) {
    if (request.person().known() || !entrance.guarded()) {
      return Answer.seeOther(Link.to("/"));
    }
    return page(request, 200, new Model(to(request.query()), ""));
  }

  /** To the log-in, and from there on to what was asked for. */
  static Answer first(Request request) {
    String asked = request.path() + (request.asked().isEmpty() ? "" : "?" + request.asked());
    return Answer.seeOther(Link.to(PATH).with("to", asked.equals("/") ? "" : asked));
  }

  /** Of a form that somebody sent whose visit is over. */
  Answer over(Request request) {
    return page(request, 403, new Model("", "You are not logged in. Nothing was done."));
  }

  Answer logIn(Request request) throws InterruptedException {
    String to = to(request.form());
    PasswordLogIn.Outcome outcome =
        entrance.attempt(
            request.form().text("name"),
            request.form().exactly("password"),
            request.person().actor().address());
    if (outcome instanceof PasswordLogIn.Outcome.LoggedIn in) {
      return Answer.seeOther(Link.to(to.isEmpty() ? "/" : to))
          .knownBy(entrance.begin(request.session(), in.account()));
    }
    return outcome instanceof PasswordLogIn.Outcome.Later
        ? page(request, 429, new Model(to, "Too many tries failed. Try again in ten minutes."))
        : page(
            request,
            403,
            new Model(
                to,
                "Name or password is wrong, or the account is locked. After five wrong passwords"
                    + " in a row it lets nobody in for 15 minutes."));
  }

  Answer logOut(Request request) {
    return Answer.seeOther(Link.to(PATH))
        .knownBy(entrance.end(request.session(), request.person()));
  }

  /** A page of the console; empty for what would lead elsewhere. */
  private static String to(Params params) {
    String to = params.text("to");
    return to.matches("/(?![/\\\\])[!-~&&[^\\\\]]{0,2000}") ? to : "";
  }

  private Answer page(Request request, int status, Model model) {
    return layout.page(request, status, Head.of("Log in", ""), "login", model);
  }
}
