// SPDX-License-Identifier: Apache-2.0
// Child processes without a shell between, so that no path needs quoting.
#include "rtl_library/tool.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace tessera
{

namespace
{

// What a user installs when a tool is missing.
std::string package_of(const std::string &tool)
{
    return tool == "c++" ? "g++" : tool;
}

class file_actions
{
  public:
    file_actions()
    {
        posix_spawn_file_actions_init(&actions_);
    }

    ~file_actions()
    {
        posix_spawn_file_actions_destroy(&actions_);
    }

    file_actions(const file_actions &) = delete;
    file_actions &operator=(const file_actions &) = delete;

    posix_spawn_file_actions_t *operator&()
    {
        return &actions_;
    }

  private:
    posix_spawn_file_actions_t actions_;
};

pid_t start(const command &arguments, file_actions &actions)
{
    std::vector<char *> argv;
    for (const std::string &each : arguments)
        argv.push_back(const_cast<char *>(each.c_str()));
    argv.push_back(nullptr);
    pid_t child = 0;
    int error = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
    if (error == ENOENT)
        throw missing_tool(arguments[0] + ": not found; install it (Debian package " +
                           package_of(arguments[0]) + ")");
    if (error)
        throw std::runtime_error(arguments[0] + ": cannot be run: " + std::strerror(error));
    return child;
}

bool succeeds(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

void run_tool(const command &arguments, const std::filesystem::path &directory,
              const std::filesystem::path &log)
{
    file_actions actions;
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0666);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
    if (!succeeds(start(arguments, actions)))
        throw std::runtime_error(arguments[0] + ": failed; see " + log.string());
}

std::string tool_output(const command &arguments)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        throw std::runtime_error(arguments[0] + ": cannot be run: " + std::strerror(errno));
    file_actions actions;
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    pid_t child = 0;
    try {
        child = start(arguments, actions);
    } catch (...) {
        close(ends[0]);
        close(ends[1]);
        throw;
    }
    close(ends[1]);
    std::string text;
    std::array<char, 4096> part;
    for (ssize_t n; (n = read(ends[0], part.data(), part.size())) > 0;)
        text.append(part.data(), static_cast<std::size_t>(n));
    close(ends[0]);
    if (!succeeds(child))
        throw std::runtime_error(arguments[0] + ": failed: " + text.substr(0, text.find('\n')));
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

} // namespace tessera
