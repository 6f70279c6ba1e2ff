// The only home of the form of a sheet: its answers go to `onAnswers` in the browser, never over the wire.
export function Answers({ onAnswers, children, ...rest }) {
  const submit = (event) => {
    event.preventDefault();
    onAnswers?.(new FormData(event.currentTarget));
  };
  return (
    <form noValidate {...rest} onSubmit={submit}>
      {children}
    </form>
  );
}
