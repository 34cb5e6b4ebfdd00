package org.millrace.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** An address inside the console; whatever is put into it is encoded. */
record Link(String text) {
  static Link to(String path) {
    return new Link(path);
  }

  /** With one parameter more; an empty value is left out. */
  Link with(String name, String value) {
    if (value.isEmpty()) {
      return this;
    }
    String before = text.indexOf('?') < 0 ? "?" : "&";
    return new Link(text + before + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  Link withAll(String name, Collection<String> values) {
    Link link = this;
    for (String value : values) {
      link = link.with(name, value);
    }
    return link;
  }

  /** A field of a form that says the same as a parameter. */
  record Field(String name, String value) {}

  /** What a form needs to ask for the same. */
  List<Field> fields() {
    Params all = Params.read(text.replaceFirst("^[^?]*\\??", "")).orElse(Params.NONE);
    return all.values().entrySet().stream()
        .flatMap(each -> each.getValue().stream().map(value -> new Field(each.getKey(), value)))
        .toList();
  }

  @Override
  public String toString() {
    return text;
  }
}
