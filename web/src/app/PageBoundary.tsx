import { Component, type ReactNode } from "react";
import { Failure } from "../feedback/Failure.tsx";

interface Props {
  /** The page's address: another one is tried afresh. */
  page: string;
  children: ReactNode;
}

interface State {
  error: unknown;
  page: string;
}

/** Keeps the frame usable when a page breaks, or its code cannot be loaded because a new version was just installed. */
export class PageBoundary extends Component<Props, State> {
  override state: State = { error: null, page: this.props.page };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps({ page }: Props, state: State): State | null {
    return page === state.page ? null : { error: null, page };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <Failure error={this.state.error} title="feedback.went-wrong" again="action.reload" onAgain={() => location.reload()} />;
  }
}
