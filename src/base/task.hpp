#pragma once

#include <coroutine>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

namespace makechat {

/// Runs work on one thread, in the order given: an event loop, or a test's queue.
class Executor {
public:
    virtual ~Executor() = default;

    /// Runs `work` later on the executor's thread; never within this call. Threads: any.
    virtual void post(std::function<void()> work) = 0;

    /// The executor whose thread this is; null on a thread that has none.
    static Executor*& current();
};

/// A coroutine's result to come. It starts when it is awaited (or given to `start`), runs on its caller's thread, and runs
/// to its end once begun: what is suspended is never destroyed, so that an adapter may complete it from any thread at any
/// time. Coroutines take values, or references that outlive them.
template <class T>
class [[nodiscard]] Task;

namespace detail {

struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) noexcept {
        return ended.promise().continuation;
    }
    void await_resume() noexcept {}
};

struct PromiseBase {
    std::coroutine_handle<> continuation = std::noop_coroutine();
    std::exception_ptr thrown;

    std::suspend_always initial_suspend() noexcept { return {}; }
    FinalAwaiter final_suspend() noexcept { return {}; }
    void unhandled_exception() { thrown = std::current_exception(); }
};

template <class T>
struct Promise : PromiseBase {
    std::optional<T> value;

    Task<T> get_return_object();
    template <class U>
    void return_value(U&& result) {
        value.emplace(std::forward<U>(result));
    }
    T take() {
        if (thrown) std::rethrow_exception(thrown);
        return std::move(*value);
    }
};

template <>
struct Promise<void> : PromiseBase {
    Task<void> get_return_object();
    void return_void() {}
    void take() const {
        if (thrown) std::rethrow_exception(thrown);
    }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<T>;

    explicit Task(std::coroutine_handle<promise_type> coroutine) : coroutine_(coroutine) {}
    Task(Task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
    Task& operator=(Task&&) = delete;
    ~Task() {
        if (coroutine_) coroutine_.destroy();
    }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
        coroutine_.promise().continuation = caller;
        return coroutine_;
    }
    T await_resume() { return coroutine_.promise().take(); }

private:
    std::coroutine_handle<promise_type> coroutine_;
};

namespace detail {

template <class T>
Task<T> Promise<T>::get_return_object() {
    return Task<T>{std::coroutine_handle<Promise>::from_promise(*this)};
}
inline Task<void> Promise<void>::get_return_object() {
    return Task<void>{std::coroutine_handle<Promise>::from_promise(*this)};
}

/// A coroutine that nobody awaits; an exception that leaves it ends the program, as it would leave a thread.
struct Detached {
    struct promise_type {
        Detached get_return_object() noexcept { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        [[noreturn]] void unhandled_exception() noexcept { std::terminate(); }
    };
};

}  // namespace detail

/// Runs `task` from here to its first wait, and on by itself after that. What it throws is a bug and ends the program.
inline void start(Task<void> task) {
    [](Task<void> owned) -> detail::Detached { co_await std::move(owned); }(std::move(task));
}

/// A result that another thread delivers, once. It lives in the coroutine that waits for it and resumes there, on the
/// executor it waited on.
template <class T>
class Completion {
public:
    Completion() : executor_(Executor::current()) {}
    Completion(const Completion&) = delete;
    Completion& operator=(const Completion&) = delete;

    /// Leaves the result; the waiter sleeps on. For who wakes many at once, by `executor` and `waiter`.
    void set(T value) { value_.emplace(std::move(value)); }
    [[nodiscard]] Executor& executor() const { return *executor_; }
    [[nodiscard]] std::coroutine_handle<> waiter() const { return waiter_; }

    /// Leaves the result and wakes the waiter. The completion may be gone when this returns.
    void finish(T value) {
        set(std::move(value));
        executor_->post([waiter = waiter_] { waiter.resume(); });
    }

private:
    template <class, class>
    friend class Suspension;

    Executor* executor_;
    std::coroutine_handle<> waiter_;
    std::optional<T> value_;
};

template <class T, class Begin>
class Suspension {
public:
    explicit Suspension(Begin begin) : begin_(std::move(begin)) {}

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
        done_.waiter_ = waiter;
        // Once begun, another thread may finish and this frame may be gone: nothing of it is touched after the call.
        auto begin = std::move(begin_);
        begin(done_);
    }
    T await_resume() { return std::move(*done_.value_); }

private:
    Begin begin_;
    Completion<T> done_;
};

/// Sleeps until the completion that `begin` is given has been finished:
///
///     co_return co_await suspend_for<Result<Commit>>([&](auto& done) { queue_.push({std::move(change), &done}); });
template <class T, class Begin>
Suspension<T, Begin> suspend_for(Begin begin) {
    return Suspension<T, Begin>{std::move(begin)};
}

}  // namespace makechat
