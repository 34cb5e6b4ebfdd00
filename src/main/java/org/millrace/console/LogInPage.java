package org.millrace.console;

import java.util.Optional;
import org.millrace.guard.PasswordLogIn;

/** Where somebody says who they are, and that they go. */
final class LogInPage {
  static final String TOO_MANY = "Too many tries failed. Try again in ten minutes.";
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
   * @param provider by which people log in
   * @param form whether somebody may log in by an account of the journal
   */
  record Model(String to, String fault, Optional<Way> provider, boolean form) {}

  /**
   * The provider.
   *
   * @param title as people know it
   * @param href where log-ins by it begin
   * @param failing whether it could not be reached when it was last tried
   */
  record Way(String title, String href, boolean failing) {}

  /**
   * What somebody is told who logged in by the provider, or out.
   *
   * @param href where to go on to
   * @param title of the provider
   */
  record Next(String href, String title) {}

  Answer show(Request request) {
    if (request.person().known() || !entrance.guarded()) {
      return Answer.seeOther(Link.to("/"));
    }
    return page(request, 200, to(request.query().text("to")), "");
  }

  /** To the log-in, and from there on to what was asked for. */
  static Answer first(Request request) {
    String asked = request.address();
    return Answer.seeOther(Link.to(PATH).with("to", asked.equals("/") ? "" : asked));
  }

  /** Of a form that somebody sent whose visit is over. */
  Answer over(Request request) {
    return page(request, 403, "", "You are not logged in. Nothing was done.");
  }

  Answer logIn(Request request) throws InterruptedException {
    String to = to(request.form().text("to"));
    PasswordLogIn.Outcome outcome =
        entrance.attempt(
            request.form().text("name"),
            request.form().exactly("password"),
            request.person().actor().address());
    if (outcome instanceof PasswordLogIn.Outcome.LoggedIn in) {
      Visitor visitor = new Visitor.OfAccount(in.account().name(), in.account().version());
      return Answer.seeOther(Link.to(to.isEmpty() ? "/" : to))
          .knownBy(entrance.begin(request.session(), visitor));
    }
    return outcome instanceof PasswordLogIn.Outcome.Later
        ? page(request, 429, to, TOO_MANY)
        : page(
            request,
            403,
            to,
            "Name or password is wrong, or the account is locked. After five wrong passwords"
                + " in a row it lets nobody in for 15 minutes.");
  }

  Answer logOut(Request request) {
    Session fresh = entrance.end(request.session(), request.person());
    Optional<Next> there =
        entrance
            .provider()
            .filter(any -> request.person().ofProvider())
            .flatMap(each -> each.logOut().map(at -> new Next(at.toString(), each.title())));
    return there
        .map(next -> goneFrom(request, fresh, next))
        .orElseGet(() -> Answer.seeOther(Link.to(PATH)))
        .knownBy(fresh);
  }

  /** A page of the console; empty for what would lead elsewhere. */
  static String to(String to) {
    return to.matches("/(?![/\\\\])[!-~&&[^\\\\]]{0,2000}") ? to : "";
  }

  Answer page(Request request, int status, String to, String fault) {
    Optional<Way> provider =
        entrance
            .provider()
            .map(
                each ->
                    new Way(
                        each.title(),
                        Link.to(each.console() + ProviderPage.PATH).with("to", to).text(),
                        each.failing()));
    return layout.page(
        request,
        status,
        Head.of("Log in", ""),
        "login",
        new Model(to, fault, provider, entrance.accounts()));
  }

  /**
   * Once somebody was let in by the provider. Their new cookie is sent by pages of the console
   * only, and this request came from another site: so the browser goes on from a page of the
   * console.
   */
  Answer letIn(Request request, Session fresh, String to) {
    Link link = Link.to(to.isEmpty() ? "/" : to);
    return layout
        .page(request, Head.of("Logged in", ""), "loggedin", new Next(link.text(), ""))
        .goingOn(link)
        .knownBy(fresh);
  }

  private Answer goneFrom(Request request, Session fresh, Next next) {
    return layout.page(request.ofNobody(fresh), Head.of("Logged out", ""), "loggedout", next);
  }
}
