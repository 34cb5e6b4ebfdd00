package org.millrace.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Tells which of some files have changed: one file, and all files under a folder. The file system's
 * own notices only wake it early; what counts is time and size of each file, so that it works on
 * network drives and inside containers too. Not thread-safe.
 */
final class ChangedFiles {
  private static final long POLL_MS = 500;
  private static final long SETTLE_MS = 60;

  /** A long copy is shown while it runs, then again. */
  private static final int SETTLE_LOOKS = 20;

  private final Path file;
  private final Path folder;
  private Map<Path, String> known;

  ChangedFiles(Path file, Path folder) {
    this.file = file;
    this.folder = folder;
    this.known = look();
  }

  Path folder() {
    return folder;
  }

  /** The files that came, went or changed since the last call; empty if none did. */
  List<String> since() {
    Map<Path, String> now = look();
    TreeSet<String> changed = new TreeSet<>();
    for (Map<Path, String> one : List.of(known, now)) {
      for (Path path : one.keySet()) {
        if (!String.valueOf(known.get(path)).equals(String.valueOf(now.get(path)))) {
          changed.add(name(path));
        }
      }
    }
    known = now;
    return List.copyOf(changed);
  }

  private String name(Path path) {
    String name = path.startsWith(folder) ? folder.relativize(path).toString() : path.toString();
    return name.replace('\\', '/');
  }

  private Map<Path, String> look() {
    Map<Path, String> seen = new TreeMap<>();
    look(file, seen);
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isRegularFile).forEach(path -> look(path, seen));
    } catch (IOException | UncheckedIOException e) {
      // A file that goes while the folder is walked is seen as gone by the next look.
      return seen;
    }
    return seen;
  }

  private static void look(Path path, Map<Path, String> into) {
    try {
      BasicFileAttributes at = Files.readAttributes(path, BasicFileAttributes.class);
      into.put(path, at.lastModifiedTime() + " " + at.size());
    } catch (NoSuchFileException e) {
      into.remove(path);
    } catch (IOException e) {
      into.put(path, "unreadable");
    }
  }

  /**
   * Waits until something has changed and no more changes follow at once: editors write a file in
   * several steps.
   *
   * @return never empty
   */
  List<String> await() throws IOException, InterruptedException {
    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      register(watch);
      while (true) {
        List<String> changed = since();
        if (!changed.isEmpty()) {
          return settled(changed);
        }
        WatchKey key = watch.poll(POLL_MS, TimeUnit.MILLISECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
        }
      }
    }
  }

  private List<String> settled(List<String> first) throws InterruptedException {
    TreeSet<String> all = new TreeSet<>(first);
    for (int i = 0; i < SETTLE_LOOKS; i++) {
      Thread.sleep(SETTLE_MS);
      List<String> more = since();
      if (more.isEmpty()) {
        break;
      }
      all.addAll(more);
    }
    return List.copyOf(all);
  }

  private void register(WatchService watch) throws IOException {
    List<Path> folders = new ArrayList<>();
    Path beside = file.toAbsolutePath().getParent();
    if (beside != null && Files.isDirectory(beside)) {
      folders.add(beside);
    }
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isDirectory).forEach(folders::add);
    } catch (UncheckedIOException e) {
      // A folder that has just gone needs no notice; the poll sees the rest.
      return;
    }
    for (Path each : folders) {
      each.register(
          watch,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_DELETE,
          StandardWatchEventKinds.ENTRY_MODIFY);
    }
  }
}
