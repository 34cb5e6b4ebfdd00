package org.millrace.console;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks the console as a browser does: it keeps the cookie, and sends forms with their token. */
public final class Browser {
  private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");

  private final HttpClient client = HttpClient.newHttpClient();
  private final String root;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private String token = "";

  public Browser(int port) {
    this.root = "http://127.0.0.1:" + port;
  }

  String root() {
    return root;
  }

  public HttpResponse<String> get(String path) throws Exception {
    return sent(HttpRequest.newBuilder(URI.create(root + path)));
  }

  /** A page that must be there. */
  public String page(String path) throws Exception {
    HttpResponse<String> response = get(path);
    if (response.statusCode() != 200) {
      throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  /** Sends a form of the page that was got last, and goes where it leads. */
  public HttpResponse<String> post(String path, Map<String, String> fields) throws Exception {
    HttpResponse<String> response = postOnly(path, fields);
    return response.statusCode() == 303
        ? get(response.headers().firstValue("Location").orElseThrow())
        : response;
  }

  /** Logs somebody in, or tries to, and tells what was answered. */
  public HttpResponse<String> logIn(String name, String password) throws Exception {
    get("/log-in");
    HttpResponse<String> answer = postOnly("/log-in", Map.of("name", name, "password", password));
    if (answer.statusCode() == 303) {
      // For the token of the visit that began.
      get("/");
    }
    return answer;
  }

  /** What the browser is known by, and what else it keeps. */
  String cookie() {
    return cookies.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining("; "));
  }

  private void keep(String cookie) {
    String[] pair = cookie.split(";", 2)[0].split("=", 2);
    if (pair[1].isEmpty()) {
      cookies.remove(pair[0]);
    } else {
      cookies.put(pair[0], pair[1]);
    }
  }

  /** The same without going on. */
  HttpResponse<String> postOnly(String path, Map<String, String> fields) throws Exception {
    if (token.isEmpty()) {
      get("/");
    }
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.putIfAbsent("token", token);
    return sent(form(path, all).header("Origin", root));
  }

  /**
   * Fills in the form of a page that has this action, hidden fields and all, sends it, and goes
   * where it leads.
   */
  public HttpResponse<String> submit(String action, String page, Map<String, String> typed)
      throws Exception {
    Matcher form =
        Pattern.compile("method=\"post\" action=\"" + action + "\".*?</form>", Pattern.DOTALL)
            .matcher(page);
    if (!form.find()) {
      throw new IOException("no form of the page is for " + action);
    }
    Matcher hidden =
        Pattern.compile("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")
            .matcher(form.group());
    Stream<Map.Entry<String, String>> fields =
        hidden.results().map(each -> Map.entry(each.group(1), unescaped(each.group(2))));
    HttpResponse<String> response =
        sent(form(action, Stream.concat(fields, typed.entrySet().stream())).header("Origin", root));
    return response.statusCode() == 303
        ? get(response.headers().firstValue("Location").orElseThrow())
        : response;
  }

  private static String unescaped(String value) {
    return value
        .replace("&#x3D;", "=")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#x60;", "`")
        .replace("&amp;", "&");
  }

  /** A form as any program could send it. */
  HttpRequest.Builder form(String path, Map<String, String> fields) {
    return form(path, fields.entrySet().stream());
  }

  private HttpRequest.Builder form(String path, Stream<Map.Entry<String, String>> fields) {
    String body =
        fields
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    return HttpRequest.newBuilder(URI.create(root + path))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body));
  }

  String token() {
    return token;
  }

  HttpResponse<String> sent(HttpRequest.Builder request) throws Exception {
    if (!cookies.isEmpty()) {
      request.header("Cookie", cookie());
    }
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    response.headers().allValues("Set-Cookie").forEach(this::keep);
    Matcher found = TOKEN.matcher(response.body());
    if (found.find()) {
      token = found.group(1);
    }
    return response;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
