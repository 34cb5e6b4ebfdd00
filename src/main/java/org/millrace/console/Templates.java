package org.millrace.console;

import com.samskivert.mustache.DefaultCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The pages' templates. Every value is escaped, in text and in attributes; there is no way for a
 * template to say otherwise, since a test refuses the tags that would. What a template names and a
 * page does not have is a fault, and no blank. Thread-safe.
 */
final class Templates {
  private final Mustache.Compiler compiler =
      Mustache.compiler()
          .escapeHTML(true)
          .emptyStringIsFalse(true)
          .withCollector(new WithOptionals())
          .withLoader(name -> reader(name));
  private final Map<String, Template> compiled = new ConcurrentHashMap<>();

  /** An Optional is a section that is there or not. */
  private static final class WithOptionals extends DefaultCollector {
    @Override
    public @Nullable Iterator<?> toIterator(Object value) {
      return value instanceof Optional<?> optional
          ? optional.stream().iterator()
          : super.toIterator(value);
    }
  }

  /**
   * A page as HTML.
   *
   * @param name of the template, without its ending
   */
  String render(String name, Frame frame, Object page) {
    return compiled
        .computeIfAbsent(name, each -> compiler.compile(reader(each)))
        .execute(Map.of("frame", frame, "page", page));
  }

  private static Reader reader(String name) {
    InputStream stream = Templates.class.getResourceAsStream(name + ".mustache");
    if (stream == null) {
      throw new UncheckedIOException(new IOException("there is no template " + name));
    }
    return new InputStreamReader(stream, StandardCharsets.UTF_8);
  }
}
