package org.millrace.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.millrace.cerner.ClientKeys;

/**
 * A file of private keys. Only its owner may read it, from its first byte on; what is changed in it
 * is changed as a whole or not at all.
 */
final class KeyFile {
  private final Path file;

  KeyFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /** Also what others than {@code keys new} have written: PEM, JSON. */
  ClientKeys read() throws PlainException {
    try {
      return ClientKeys.parse(Files.readString(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw new PlainException("there is no file " + file);
    } catch (IOException e) {
      throw new PlainException(file + " cannot be read as text");
    } catch (IllegalArgumentException faulty) {
      throw new PlainException(file + " " + faulty.getMessage());
    }
  }

  void create(ClientKeys keys) throws PlainException {
    try {
      write(file, keys);
    } catch (FileAlreadyExistsException e) {
      throw new PlainException(
          file
              + " is there already and is not written over; --add puts a second key beside the first");
    } catch (IOException e) {
      throw new PlainException(file + " cannot be written");
    }
  }

  /** The file is never half written: an engine that starts meanwhile reads the old or the new. */
  void replace(ClientKeys keys) throws PlainException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try {
      if (!Files.readString(file, StandardCharsets.UTF_8).strip().startsWith("{")) {
        throw new PlainException(
            file + " holds PEM, which has room for one key; make a file of keys");
      }
      write(beside, keys);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileAlreadyExistsException e) {
      throw new PlainException(beside + " is in the way; another command writes it, or left it");
    } catch (IOException e) {
      throw new PlainException(file + " cannot be written");
    }
  }

  private static void write(Path target, ClientKeys keys) throws IOException {
    FileAttribute<?>[] ownerOnly =
        target.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (var channel =
        Files.newByteChannel(
            target, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
      byte[] bytes = (keys.privateSet() + "\n").getBytes(StandardCharsets.UTF_8);
      for (var rest = java.nio.ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
        channel.write(rest);
      }
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
